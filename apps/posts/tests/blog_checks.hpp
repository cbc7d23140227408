// blog_checks.hpp - what has to hold of the app on any database that is empty at first.
#pragma once
#include <csgi/testing/client.hpp>

/// Posts are written, read, changed and removed, as README.md says.
void check_posts(csgi::testing::client& c);

/// A profile is put together from users, posts and pictures.
void check_profiles(csgi::testing::client& c);

/// What breaks a rule of the schema is refused, and leaves nothing behind.
void check_conflicts(csgi::testing::client& c);

/// Texts that would be code, if they got into a statement, come back as they were sent.
void check_hostile_texts(csgi::testing::client& c);

/// A post in JSON.
std::string draft_json(std::string_view author, std::string_view title, std::string_view text = "Some text",
                       std::vector<std::string> pictures = {});
