#include "chat.hpp"

CSGI_EXPORT_APP(chat)
