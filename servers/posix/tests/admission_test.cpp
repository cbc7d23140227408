// Which connections are taken.
#include <csgi/posix/admission.hpp>
#include <doctest/doctest.h>
#include <vector>

using csgi::posix::admission;
using csgi::server_limits;

namespace {

using decision = admission::decision;

server_limits limits_of(std::size_t in_all, std::size_t per_address) {
  server_limits made;
  made.connections = in_all;
  made.connections_per_address = per_address;
  return made;
}

}  // namespace

TEST_SUITE("admission") {
TEST_CASE("CSGI-HTTP-125: as many are admitted as the limit says, and again when one has left") {
  const auto limits = limits_of(2, 0);
  admission door(limits);
  const auto one = door.enter("127.0.0.1");
  {
    const auto two = door.enter("127.0.0.1");
    CHECK(two.how() == decision::admitted);
    CHECK(door.enter("127.0.0.1").how() == decision::turned_away);
    CHECK(door.take_excess() == 1);
    CHECK(door.take_excess() == 0);
  }
  CHECK(door.enter("127.0.0.1").how() == decision::admitted);
}

TEST_CASE("without a limit there is none") {
  const auto limits = limits_of(0, 0);
  admission door(limits);
  std::vector<admission::place> all;
  for (int i = 0; i < 1000; ++i) all.push_back(door.enter("127.0.0.1"));
  for (const auto& each : all) CHECK(each.how() == decision::admitted);
}

TEST_CASE("where many are being turned away the others are dropped") {
  const auto limits = limits_of(1, 0);
  admission door(limits);
  const auto in = door.enter("127.0.0.1");
  std::vector<admission::place> away;
  while (away.empty() || away.back().how() == decision::turned_away) away.push_back(door.enter("127.0.0.1"));
  CHECK(away.size() == 257);
  CHECK(away.back().how() == decision::dropped);
  away.clear();
  CHECK(door.enter("127.0.0.1").how() == decision::turned_away);
}

TEST_CASE("addresses are counted apart, those of IPv6 by network, and what is no address not at all") {
  const auto limits = limits_of(0, 1);
  admission door(limits);
  const auto one = door.enter("192.0.2.1");
  const auto six = door.enter("2001:db8:1:2::1");
  CHECK(door.enter("192.0.2.1").how() == decision::turned_away);
  CHECK(door.enter("192.0.2.2").how() == decision::admitted);
  CHECK(door.enter("2001:db8:1:2:ffff::2").how() == decision::turned_away);
  CHECK(door.enter("2001:db8:1:3::1").how() == decision::admitted);
  const auto local = door.enter("/run/app.sock");
  CHECK(door.enter("/run/app.sock").how() == decision::admitted);
}

TEST_CASE("an IPv4 address is the same one to a socket of both families, and no other") {
  const auto limits = limits_of(0, 1);
  admission door(limits);
  const auto one = door.enter("::ffff:192.0.2.1");
  const auto other = door.enter("::ffff:192.0.2.2");
  CHECK(other.how() == decision::admitted);
  CHECK(door.enter("192.0.2.1").how() == decision::turned_away);
}

TEST_CASE("who is over the limit in all is not counted for its address") {
  const auto limits = limits_of(1, 1);
  admission door(limits);
  {
    const auto other = door.enter("192.0.2.2");
    CHECK(door.enter("192.0.2.1").how() == decision::turned_away);
  }
  CHECK(door.enter("192.0.2.1").how() == decision::admitted);
}
}
