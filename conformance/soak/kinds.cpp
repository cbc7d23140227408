// kinds.cpp - see kinds.hpp.
#include "kinds.hpp"

namespace csgi::soak {

using namespace std::chrono_literals;

namespace {

bool any(const soaked_app&) { return true; }
bool with_stream(const soaked_app& app) { return !app.events.empty() || !app.counter.empty(); }
bool with_websocket(const soaked_app& app) { return app.talks != talk::none; }

constexpr kind kinds[] = {
    {"pulse", "asks for the same again and again, and measures how long it waits", feel_the_pulse, any, 10ms},
    {"polite", "asks for everything, on kept connections, and compares answers with the first ones", visit_politely, any, 5ms},
    {"poster", "sends bodies of any size and framing, and demands them back where the app gives them back", post, any, 5ms},
    {"pipeliner", "sends many requests before it takes the first answer", pipeline, any, 20ms},
    {"half-closer", "closes its sending side behind a request, or in the middle of one", close_half, any, 20ms},
    {"slow-sender", "sends a byte at a time, or stops sending, until it is cut off", send_slowly, any, 50ms},
    {"slow-reader", "takes little at a time, or nothing until it is cut off", read_slowly, any, 50ms},
    {"resetter", "resets its connection anywhere in a request or an answer", reset, any, 15ms},
    {"garbage", "sends bytes at random, and requests that were changed at random", send_garbage, any, 15ms},
    {"smuggler", "sends what two parties might read differently, with another request behind", smuggle, any, 10ms},
    {"too-large", "goes beyond each limit", send_too_much, any, 20ms},
    {"websocket", "has whole conversations", talk_on_websocket, with_websocket, 10ms},
    {"broken-websocket", "breaks the protocol, breaks off, floods, says nothing", break_websocket, with_websocket, 20ms},
    {"listener", "listens to a stream for a while, and goes", listen_to_stream, with_stream, 50ms},
    {"crowd", "opens more connections than it may, and says nothing", crowd_in, any, 500ms},
};

}  // namespace

std::span<const kind> all_kinds() { return kinds; }

}  // namespace csgi::soak
