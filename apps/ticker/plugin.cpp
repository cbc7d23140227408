#include "ticker.hpp"

CSGI_EXPORT_APP(ticker)
