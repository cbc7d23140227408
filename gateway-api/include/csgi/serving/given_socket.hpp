// csgi/serving/given_socket.hpp - the socket that server_options may name, made ready to be accepted from.
#pragma once
#include <csgi/endpoint.hpp>
#include <csgi/server_options.hpp>

namespace csgi { inline namespace v1 {

struct given_socket {
  int descriptor;           ///< a duplicate, not inherited by programs, for its receiver to close; accept() does not block
  endpoint::kind type;
  bool listens;             ///< already: listen() would change the length of a queue that somebody else has chosen
};

/// Duplicates options.socket. What is accepted from it sends at once, without Nagle's algorithm.
///
/// Others accept from the same queue, so that a connection that poll() has told of may have been taken. At a stop the duplicate is
/// closed, never shut down; an epoll set is to forget it first, as closing one of several does not do that.
///
/// Requires:  options.socket is not negative.
/// Errors:    std::invalid_argument when it is no bound stream socket.
/// Spec:      CSGI-SERVER-027, CSGI-SERVER-028
given_socket duplicate_of_socket(const server_options& options);

}}  // namespace csgi::v1
