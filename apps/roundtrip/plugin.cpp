#include "roundtrip.hpp"

CSGI_EXPORT_APP(roundtrip)
