#include "mailer_blocking.hpp"

CSGI_EXPORT_APP(mailer_blocking)
