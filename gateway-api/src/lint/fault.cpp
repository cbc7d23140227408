// fault.cpp - see fault.hpp.
#include "fault.hpp"

namespace csgi { inline namespace v1 {

namespace {

constexpr auto error = log_level::error;
constexpr auto warning = log_level::warning;
constexpr auto app = lint_role::app;
constexpr auto server = lint_role::server;
constexpr auto unclear = lint_role::unclear;

// In the order of `fault`.
constexpr fault_info faults[] = {
    {"CSGI-CORE-083", error, app, "a body operation before a response was started"},
    {"CSGI-CORE-083", error, app, "an operation after the response was finished or aborted"},
    {"CSGI-CORE-083", error, app, "a start after the response was committed"},
    {"CSGI-CORE-083", error, app, "a second read while one is pending"},
    {"CSGI-CORE-083", error, app, "a second write or file while one is pending"},
    {"CSGI-CORE-083", error, app, "a second wait for the peer's going while one is pending"},
    {"CSGI-CORE-026", error, app, "an operation begun again while it is pending"},
    {"CSGI-CORE-019", error, app, "a call on a thread that is neither the handler's nor the executor's"},
    {"CSGI-CORE-006", error, app, "done while an operation is pending"},
    {"CSGI-CORE-005", error, app, "a call after the app was done"},
    {"CSGI-EXT-020", error, app, "a call by a finish hook"},
    {"CSGI-HTTP-064", error, app, "done without having finished or aborted its response"},
    {"CSGI-HTTP-135", warning, app, "a response head that may not be sent"},
    {"CSGI-HTTP-136", error, app, "more body bytes than the declared Content-Length"},
    {"CSGI-HTTP-136", error, app, "a finish with fewer body bytes than the declared Content-Length"},
    {"CSGI-HTTP-090", warning, app, "body bytes for a status that has no body"},
    {"CSGI-CORE-036", error, app, "one operation after the other though the request was to end"},
    {"CSGI-CORE-036", warning, app, "done late though the request was to end"},
    {"CSGI-CORE-018", warning, app, "the thread slept between two awaits"},
    {"CSGI-CORE-083", error, app, "an operation of a WebSocket that is not accepted"},
    {"CSGI-CORE-083", error, app, "an accept, or an upgrade, where the response was committed"},
    {"CSGI-CORE-083", error, app, "a second receive while one is pending"},
    {"CSGI-CORE-083", error, app, "a second send or close of a WebSocket while one is pending"},
    {"CSGI-CORE-083", error, app, "a send or close after the app has closed its WebSocket"},
    {"CSGI-CORE-083", error, app, "a receive after one has told that the conversation is over"},
    {"CSGI-WS-042", error, app, "a WebSocket's words that may not be sent"},
    {"CSGI-CORE-083", error, app, "an operation of the exchange when a WebSocket was accepted"},
    {"CSGI-WS-041", error, app, "no answer where there was no WebSocket to be had"},
    {"CSGI-CORE-083", error, app, "an informational response where the response was committed"},
    {"CSGI-EXT-061", warning, app, "an informational response that may not be sent"},
    {"CSGI-CORE-083", error, app, "trailers announced where the response was committed, or set where it was over"},
    {"CSGI-EXT-062", warning, app, "trailers that may not be sent, or were not announced"},
    {"CSGI-CORE-083", error, app, "a second wait for the buffer while one is pending"},
    {"CSGI-EXT-063", warning, app, "an upgrade that is not offered, or with fields that may not be sent"},

    {"CSGI-HTTP-001", error, server, "a method that is no token"},
    {"CSGI-HTTP-004", error, server, "a raw path that is not the target's"},
    {"CSGI-HTTP-005", error, server, "a path that is not the raw path decoded once"},
    {"CSGI-HTTP-007", error, server, "a query that is not the target's"},
    {"CSGI-HTTP-008", error, server, "a root path that the path does not begin with, or that ends in a slash"},
    {"CSGI-HTTP-027", error, server, "a field name that is no token"},
    {"CSGI-HTTP-026", error, server, "a field value with control characters, or white space around it"},
    {"CSGI-HTTP-012", error, server, "a scheme that is neither http nor https"},
    {"CSGI-HTTP-015", error, server, "a body kind or length that the Content-Length contradicts"},
    {"CSGI-HTTP-014", error, server, "an endpoint that is known and has no address, or the other way round"},
    {"CSGI-CORE-004", error, server, "another request than before"},
    {"CSGI-CORE-003", error, unclear, "the request head changed before the app was done"},

    {"CSGI-CORE-010", error, server, "another executor than before"},
    {"CSGI-CORE-011", error, server, "the app was called elsewhere than on its executor"},
    {"CSGI-CORE-002", error, server, "the coroutine was destroyed while it was suspended"},
    {"CSGI-CORE-022", error, server, "done called inside begin"},
    {"CSGI-CORE-022", error, server, "done called for an operation that was not pending"},
    {"CSGI-CORE-031", error, server, "done called inside cancel()"},
    {"CSGI-CORE-007", error, server, "done called when the app was done"},
    {"CSGI-CORE-011", error, server, "done called elsewhere than on the executor"},
    {"CSGI-CORE-027", error, server, "pending was the answer to a blocking app"},
    {"CSGI-CORE-037", error, server, "an error that is not among those of the operation"},
    {"CSGI-CORE-024", error, server, "a read that failed, and has a chunk"},
    {"CSGI-HTTP-037", error, server, "body bytes behind the end of the body"},
    {"CSGI-HTTP-036", error, server, "a body of another length than the request says"},
    {"CSGI-HTTP-039", error, unclear, "a chunk changed before the next read began"},
    {"CSGI-CORE-045", error, server, "the phase went back"},
    {"CSGI-CORE-046", error, server, "the phase is not started after start()"},
    {"CSGI-CORE-046", error, server, "the phase does not tell what was written"},
    {"CSGI-CORE-039", error, server, "a refused call changed the phase"},
    {"CSGI-CORE-047", error, server, "the response was aborted, and the phase does not tell"},
    {"CSGI-HTTP-057", error, server, "a head that may not be sent was taken"},
    {"CSGI-HTTP-062", error, server, "a start after commit was taken"},
    {"CSGI-HTTP-063", error, server, "a write before start was taken"},
    {"CSGI-CORE-048", error, server, "a call after the end of the response was taken"},
    {"CSGI-CORE-030", error, server, "a second operation of a kind was taken"},
    {"CSGI-CORE-029", error, server, "refused as out of turn, or as a second one, and is neither"},
    {"CSGI-HTTP-080", error, server, "more body bytes than the declared Content-Length were taken"},
    {"CSGI-HTTP-081", error, server, "a finish short of the declared Content-Length was taken"},
    {"CSGI-HTTP-099", error, server, "a wait for the peer's going ended without a reason"},
    {"CSGI-HTTP-100", error, server, "a blocking app can wait for the peer's going"},
    {"CSGI-HTTP-101", error, server, "a peer that had gone is connected again"},
    {"CSGI-EXT-003", error, server, "another pointer for an extension than before"},
    {"CSGI-EXT-013", error, server, "a finish hook ran before the app was done"},
    {"CSGI-EXT-014", error, server, "finish hooks ran in another order than the last added first"},
    {"CSGI-EXT-018", error, server, "a finish hook was told that an aborted response is whole"},

    {"CSGI-WS-009", error, server, "a WebSocket was accepted, and the phase is not committed"},
    {"CSGI-WS-008", error, server, "an operation of a WebSocket that is not accepted was taken"},
    {"CSGI-WS-008", error, server, "an accept was taken where the response was committed"},
    {"CSGI-WS-007", error, server, "an accept was taken with what may not be sent"},
    {"CSGI-WS-009", error, server, "an operation of the exchange was taken when a WebSocket was accepted"},
    {"CSGI-WS-022", error, server, "a message that may not be sent was taken"},
    {"CSGI-WS-027", error, server, "a close that may not be sent was taken"},
    {"CSGI-WS-031", error, server, "a send was taken when the conversation was over"},
    {"CSGI-WS-012", error, server, "a message changed its kind"},
    {"CSGI-WS-012", error, server, "a message wanted whole came in parts"},
    {"CSGI-WS-013", error, server, "a part without bytes that does not end its message"},
    {"CSGI-WS-017", error, server, "a text that is not UTF-8"},
    {"CSGI-WS-029", error, server, "a receive was taken after one has told that the conversation is over"},
    {"CSGI-WS-012", error, unclear, "a message changed before the next receive began"},
    {"CSGI-WS-030", error, server, "another end of the conversation than before"},
    {"CSGI-WS-030", error, server, "an end with a code or reason that nobody may send"},
    {"CSGI-EXT-046", error, server, "an upgrade was taken, and the phase is not committed"},
    {"CSGI-EXT-047", error, server, "an upgrade was taken that may not be"},

    {"CSGI-EXT-050", error, server, "informational responses are offered to a client of HTTP/1.0"},
    {"CSGI-EXT-052", error, server, "an informational response was taken that may not be sent, or not then"},
    {"CSGI-EXT-051", error, server, "an informational response changed the phase"},
    {"CSGI-HTTP-050", error, server, "request trailers before the body was read to its end"},
    {"CSGI-HTTP-050", error, server, "other request trailers than before"},
    {"CSGI-EXT-053", error, server, "response trailers are offered where there is no place for them"},
    {"CSGI-EXT-054", error, server, "trailers were announced that may not be, or a Content-Length was taken beside them"},
    {"CSGI-EXT-055", error, server, "trailers were set that may not be"},
    {"CSGI-EXT-055", error, server, "whether trailers are wanted is not what the request says"},
    {"CSGI-EXT-056", error, server, "more is buffered than the mark and one write"},
    {"CSGI-EXT-057", error, server, "a write ended while more than the mark was buffered"},
    {"CSGI-EXT-057", error, server, "another mark than was set"},
    {"CSGI-EXT-058", error, server, "a wait for the buffer ended while more was buffered than it said"},
    {"CSGI-EXT-059", error, server, "a request was received after the app was called"},
    {"CSGI-EXT-059", error, server, "the number of another request"},
    {"CSGI-EXT-059", error, server, "a number that is smaller than that of the connection's request before"},
    {"CSGI-EXT-059", error, server, "another number than before"},
};

static_assert(std::size(faults) == static_cast<std::size_t>(fault::count));

}  // namespace

const fault_info& info(fault which) noexcept { return faults[static_cast<unsigned char>(which)]; }

}}  // namespace csgi::v1
