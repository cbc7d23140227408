#include "mailer.hpp"

CSGI_EXPORT_APP(mailer)
