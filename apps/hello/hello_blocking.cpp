#include "hello_blocking.hpp"

CSGI_EXPORT_APP(hello_blocking)
