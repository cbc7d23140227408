#include "promotions.hpp"

CSGI_EXPORT_APP(promotions)
