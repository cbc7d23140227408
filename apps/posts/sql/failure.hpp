// sql/failure.hpp - what a database fails with, one type for each thing that can be done about it.
#pragma once
#include <stdexcept>

namespace sql {

/// A statement failed. what() is for the operator, not for clients.
class failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// It would break a rule of the schema: there is one of that name already.
class conflict : public failure {
 public:
  using failure::failure;
};

/// The database is away, or too busy. Nothing was changed, but by a commit the answer to which was lost; it may work later.
class unavailable : public failure {
 public:
  using failure::failure;
};

}  // namespace sql
