#include "echo.hpp"

CSGI_EXPORT_APP(echo)
