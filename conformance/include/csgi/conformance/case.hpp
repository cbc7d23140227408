// csgi/conformance/case.hpp - one case of the server suite, as data: the clause, what is sent, what must come back.
#pragma once
#include <chrono>
#include <csgi/conformance/subject.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace csgi::conformance {

/// What a response must be like. Fields are compared by name without regard to case, values exactly, or by their
/// beginning where the value wanted ends with "*".
struct expectation {
  enum class ending : unsigned char {
    whole,        ///< its framing says that nothing is missing
    cut,          ///< it is seen to be incomplete: the connection ends too early, or is reset
    any,
  };

  std::vector<int> statuses;                                      ///< one of them
  std::vector<std::pair<std::string, std::string>> fields;        ///< each with this value; "" demands only the name
  std::vector<std::pair<std::string, std::string>> tokens;        ///< each lists this among others, whatever its case
  std::vector<std::pair<std::string, std::string>> in_order;      ///< these among its fields, in this order, names to the letter
  std::vector<std::string> absent;                                ///< no field of that name
  std::vector<std::string> only;                                  ///< no field of another name; empty: any
  std::optional<std::string> body;
  std::vector<std::string> body_contains;
  std::vector<std::string> lacks;                                 ///< nowhere in the body, nor in a field
  std::optional<std::size_t> pattern;                             ///< the body is this much of the probe's pattern
  std::optional<unsigned> interim;                                ///< so many 1xx come before it
  ending how = ending::whole;
  std::vector<expectation> others;                                ///< or it is like one of these

  expectation with(std::string name, std::string value = {}) &&;
  expectation listing(std::string name, std::string token) &&;
  expectation with_in_order(std::vector<std::pair<std::string, std::string>> fields) &&;
  expectation with_only(std::vector<std::string> names) &&;
  expectation without(std::string name) &&;
  expectation saying(std::string bytes) &&;
  expectation containing(std::string bytes) &&;
  expectation lacking(std::string bytes) &&;
  expectation patterned(std::size_t size) &&;
  expectation after_interim(unsigned count) &&;
  expectation broken_off() &&;
  expectation or_else(expectation other) &&;
};

/// A response with one of these statuses.
expectation answer(int status);
expectation answer(std::vector<int> statuses);

/// One thing that the client of a case does or demands, in order. In its bytes, and in bodies demanded, {root} stands for
/// the path prefix the probe is mounted at, {key} for the case's own name for what the probe notes, {port} for the
/// server's port and {from} for the client's.
struct step {
  enum class kind : unsigned char {
    send,           ///< the bytes in one piece
    handshake,      ///< the bytes, which open a WebSocket or another protocol: answered 101 as wanted
    drip,           ///< each byte in a segment of its own
    trickle,        ///< a byte after each `gap`, until all are sent or the server has answered or closed
    aside,          ///< `most` further connections send this, and stay open, unread, as long as the case
    aside_answered, ///< `most` of them or more are answered within the patience, each as wanted
    pour,           ///< a connection of its own sends the bytes again and again, and takes what comes, as long as the case
    meanwhile,      ///< a connection of its own sends this and is answered as wanted
    receive,        ///< a response to a request of method `bytes`; the rest of it, where some was received already
    receive_some,   ///< these body bytes of a response that may go on; its head, where that was not received yet
    receive_or_end, ///< a response as `receive`, or the server closes instead
    broken,         ///< no response, or one that is seen to be incomplete, and the server closes
    slowly,         ///< from now on, what comes is taken a little at a time
    receive_text,   ///< exactly these bytes next
    message,        ///< of a WebSocket: these bytes, or the pattern wanted, in frames of the kind that `number` is, and nothing between
    control,        ///< of a WebSocket: a frame of the kind that `number` is, with these bytes; "*": any
    through_control,  ///< the same, and any messages before it
    closing,        ///< of a WebSocket: a close with the code that `number` is, or none, and these bytes; "*": any
    through_closing,  ///< the same, and any messages before it
    through,        ///< everything up to and including these bytes
    silence,        ///< nothing comes for a moment
    end,            ///< the server closes, having sent nothing more
    torn,           ///< the connection is reset, whatever was sent before
    ended,          ///< the server closes, whatever it has sent, but not two responses
    flood,          ///< the bytes again and again, until the server reads no more
    half_close,     ///< no more is sent
    reset,          ///< the connection is torn down
    reconnect,      ///< a new connection takes its place
    refuses,        ///< new connections are refused, within the patience
    noted,          ///< the probe notes this, within the patience; "begin*" is any note that begins so
    noted_in_order, ///< the probe notes these lines in this order
    never_noted,    ///< and this it has not noted
    stop,           ///< the server is asked to stop; only in cases that have a server of their own
    stopped,        ///< it has ended with exit code 0
  };

  kind what;
  std::string bytes = {};
  expectation wanted = {};
  std::size_t most = 0;
  std::chrono::milliseconds gap{};
  unsigned number = 0;
};

step send(std::string bytes);
step handshake(std::string bytes, expectation wanted);
step drip(std::string bytes);
step trickle(std::string bytes, std::chrono::milliseconds gap);
step aside(std::string bytes, std::size_t connections);
step aside_answered(std::size_t at_least, expectation wanted);
step pour(std::string bytes);
step meanwhile(std::string bytes, expectation wanted);
step receive(expectation wanted, std::string method = "GET");
step receive_some(std::string bytes);
step receive_or_end(expectation wanted, std::string method = "GET");
step broken();
step slowly();
step receive_text(std::string bytes);
step through(std::string bytes);
step receive_message(unsigned opcode, std::string payload);
step receive_pattern(unsigned opcode, std::size_t size);
step receive_control(unsigned opcode, std::string payload);
step through_control(unsigned opcode, std::string payload);
step receive_closing(unsigned code, std::string reason);
step through_closing(unsigned code, std::string reason);
step silence();
step end();
step torn();
step ended();
/// The server has to stop reading before `most` bytes.
step flood(std::string bytes, std::size_t most);
step half_close();
step reset();
step reconnect();
step refuses();
step noted(std::string what);
step noted_in_order(const std::vector<std::string>& what);
step never_noted(std::string what);
step stop();
step stopped();

/// A request to the probe, with Host and the case's key. `fields` are whole lines with CRLF.
std::string request(std::string_view method, std::string_view path, std::string_view fields = {}, std::string_view body = {});
std::string get(std::string_view path, std::string_view fields = {});

struct test_case {
  std::vector<std::string> clauses;     ///< that a failure breaks: "CSGI-HTTP-012"
  std::string name;                     ///< a sentence of behaviour
  std::vector<step> steps;
  kinds for_kinds = kinds::both;        ///< for which forms of the probe it makes sense
  std::string capability = {};          ///< an extension that must be offered, else the case does not apply
  bool at_every_split = false;          ///< repeated, in the plain forms, with the first send cut in two at every byte
  bool own_server = false;              ///< needs a server for itself: it stops it
  bool through_bridges = true;          ///< makes sense behind a bridge too, with what bridges say they cannot do
  std::vector<server_option> told = {};  ///< what its server is told; else the case does not apply
};

/// Whether a case is run with the probe in that form.
bool makes_sense(const test_case& c, const form& f) noexcept;

/// Every case of the server suite, by theme.
std::vector<test_case> all_cases();

}  // namespace csgi::conformance
