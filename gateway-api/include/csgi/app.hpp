// csgi/app.hpp - all that an application needs; the standard library and POSIX read() are all it needs itself.
#pragma once
#include <csgi/application.hpp>
#include <csgi/current_exchange.hpp>
#include <csgi/header_list.hpp>
#include <csgi/plugin.hpp>
#include <csgi/server_info.hpp>
