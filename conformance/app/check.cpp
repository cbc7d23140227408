// check.cpp - see check.hpp.
#include "check.hpp"

namespace csgi::conformance {

const std::vector<app_check>& all_app_checks() {
  static const std::vector<app_check> all = {
      {"no request and no fault ends the process", {"CSGI-CORE-085"}},
      {"each request comes to its end: a finished response, an abort or an exception", {"CSGI-HTTP-064"}},
      {"nothing is called out of turn", {"CSGI-CORE-083"}},
      {"no head is started that may not be sent", {"CSGI-HTTP-135"}},
      {"the body is as long as Content-Length says, and HEAD says the same", {"CSGI-HTTP-136"}},
      {"no body is written for a status that has none", {"CSGI-HTTP-090"}},
      {"the body is not chunked by the app", {"CSGI-HTTP-065"}},
      {"nothing is pending when the app is done", {"CSGI-CORE-006"}},
      {"no pending operation is begun again", {"CSGI-CORE-026"}},
      {"the exchange is left alone when the app is done", {"CSGI-CORE-005"}},
      {"views of the request are left alone when the app is done", {"CSGI-CORE-005"}},
      {"a chunk is left alone when the next read has begun", {"CSGI-CORE-084"}},
      {"finish hooks leave the exchange alone", {"CSGI-EXT-020"}},
      {"background work leaves the exchange alone", {"CSGI-LIFE-019"}},
      {"the exchange is called on its own thread", {"CSGI-CORE-019"}},
      {"the thread is not blocked between two awaits", {"CSGI-CORE-018"}},
      {"the app ends soon when its client has gone or the server wants it to end", {"CSGI-CORE-036"}},
      {"a response without an end of its own ends when the server drains", {"CSGI-EXT-044"}},
      {"the memory of an exchange is given back", {"CSGI-CORE-086"}},
      {"the answer does not depend on chunks, speed and ways of completion", {"CSGI-HTTP-137"}},
      {"the app gets along without extensions", {"CSGI-EXT-007"}},
      {"no informational response is sent that may not be", {"CSGI-EXT-061"}},
      {"no trailers are announced or set that may not be", {"CSGI-EXT-062"}},
      {"no upgrade is begun to what is not offered, or with fields that may not be sent", {"CSGI-EXT-063"}},
      {"who wants a WebSocket answers where there is none", {"CSGI-WS-041"}},
      {"a WebSocket is accepted, spoken on and closed with what may be sent", {"CSGI-WS-042"}},
      {"requests that run at the same time do not disturb each other", {"CSGI-CORE-008"}},
      {"a composite chooses the same app for the same request", {"CSGI-CORE-053"}},
      {"the plug-in is found to be one, of this interface", {"CSGI-PLUG-001", "CSGI-PLUG-003"}},
      {"the manifest is the same at each call", {"CSGI-PLUG-002"}},
      {"the app is of the manifest's kind", {"CSGI-PLUG-004"}},
      {"a second app can be made, beside the first", {"CSGI-PLUG-005"}},
      {"who refuses arguments says why", {"CSGI-PLUG-006"}},
      {"who takes no arguments refuses any", {"CSGI-PLUG-007"}},
      {"the arguments are left alone when the app has been made", {"CSGI-PLUG-008"}},
      {"a composite names the same parts at each call", {"CSGI-LIFE-007"}},
      {"the news of a stop does not block", {"CSGI-LIFE-010"}},
  };
  return all;
}

const app_check& info(check c) noexcept { return all_app_checks()[static_cast<unsigned char>(c)]; }

}  // namespace csgi::conformance
