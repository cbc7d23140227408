#include "served_storefront.hpp"

CSGI_EXPORT_APP(storefront)
