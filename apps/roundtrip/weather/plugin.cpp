#include "weather.hpp"

CSGI_EXPORT_APP(weather)
