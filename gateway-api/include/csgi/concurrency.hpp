// csgi/concurrency.hpp - all that several coroutines at the same time need.
#pragma once
#include <csgi/scope.hpp>
#include <csgi/sleep.hpp>
#include <csgi/when_all.hpp>
#include <csgi/when_any.hpp>
#include <csgi/with_timeout.hpp>
