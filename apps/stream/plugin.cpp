#include "stream.hpp"

CSGI_EXPORT_APP(stream)
