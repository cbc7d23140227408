#include "recommendations.hpp"

CSGI_EXPORT_APP(recommendations)
