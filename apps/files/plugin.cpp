#include "files.hpp"

CSGI_EXPORT_APP(files)
