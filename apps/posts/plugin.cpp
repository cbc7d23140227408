#include "posts.hpp"

CSGI_EXPORT_APP(posts)
