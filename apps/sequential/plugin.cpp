#include "sequential.hpp"

CSGI_EXPORT_APP(sequential)
