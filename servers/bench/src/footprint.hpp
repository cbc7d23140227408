// footprint.hpp - what a server takes besides time: instructions, memory from the heap, and memory while nothing happens.
#pragma once
#include "scenario.hpp"

namespace csgi::bench {

/// User-space instructions, by callgrind: the difference of two runs that differ in the number of requests, on one connection.
///
/// Errors:    these and those below: std::runtime_error and std::system_error.
double instructions_per_request(const subject& server, const conditions& with, std::string_view request);

/// Calls of malloc and its kin, which operator new uses, of a server that is warm. What allocators of a server's own get from it in
/// large pieces is one of them.
double allocations_per_request(const subject& server, const conditions& with);

/// Resident memory, of the server alone: the system's own, for sockets, is the same for all. 10,000 connections, each of which was
/// served once.
double bytes_per_idle_connection(const subject& server, const conditions& with);
double bytes_per_idle_websocket(const subject& server, const conditions& with);

/// The sum of what callgrind wrote to a file.
///
/// Errors:    std::runtime_error where it is not there.
double parse_callgrind_totals(std::istream& file);

}  // namespace csgi::bench
