// fault.hpp - what a lint can find, with the clause that is broken and who breaks it.
#pragma once
#include <csgi/lint.hpp>

namespace csgi { inline namespace v1 {

enum class fault : unsigned char {
  // of the app
  out_of_turn_early, out_of_turn_late, out_of_turn_start, second_read, second_write, second_gone, begun_again, other_thread,
  pending_when_done, after_end, in_hook, unfinished, bad_head, body_too_long, body_too_short, unwanted_body, goes_on, ends_late,
  stalls, socket_early, socket_late_accept, second_receive, second_send, socket_closed_already, receive_after_over, unsendable, exchange_of_socket,
  no_answer_without_socket, late_hint, bad_hint, late_trailers, bad_trailers, second_drained, bad_upgrade,
  // of the server: requests
  bad_method, bad_target, bad_path, bad_query, bad_root_path, bad_field_name, bad_field_value, bad_scheme, bad_length,
  bad_endpoint, other_head, changed_head,
  // of the server: calls
  other_executor, entered_elsewhere, destroyed, done_inside_begin, done_again, done_inside_cancel, done_after_end, done_elsewhere,
  blocking_pends, odd_error, chunk_with_error, bytes_behind_end, wrong_body_size, changed_chunk, phase_back, phase_after_start,
  phase_after_write, phase_after_refusal, phase_after_abort, bad_head_taken, late_start_taken, early_write_taken, late_call_taken,
  second_taken, refused_unduly, long_body_taken, short_body_taken, gone_without_reason, gone_while_blocking, connected_again,
  other_extension, hook_too_early, hook_out_of_order, hook_told_whole,
  // of the server: WebSockets and upgrades
  accepted_uncommitted, early_socket_taken, late_accept_taken, bad_accept_taken, exchange_of_socket_taken, unsendable_taken,
  unclosable_taken, late_send_taken, other_message_kind, part_for_whole, part_of_nothing, text_no_utf8, late_receive_taken,
  changed_message, changed_end, impossible_end, upgraded_uncommitted, bad_upgrade_taken,
  // of the server: around a response
  hints_for_1_0, bad_hint_taken, hint_moves, early_trailers, other_trailers, trailers_without_place, bad_trailers_announced,
  bad_trailers_set, other_wish, too_much_buffered, ended_above_mark, other_mark, drained_early, received_later, number_again,
  number_smaller, other_number,
  count,
};

static_assert(static_cast<unsigned>(fault::count) <= 128, "they are bits of two words");

struct fault_info {
  const char* clause;
  log_level level;
  lint_role at_fault;
  const char* what;
};

const fault_info& info(fault which) noexcept;

}}  // namespace csgi::v1
