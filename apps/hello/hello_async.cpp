#include "hello_async.hpp"

CSGI_EXPORT_APP(hello_async)
