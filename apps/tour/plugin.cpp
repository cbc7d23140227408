#include "tour.hpp"

CSGI_EXPORT_APP(tour)
