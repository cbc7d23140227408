#include "postgres_server.hpp"
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 60s;

/// Where Debian keeps the programs of the newest version; empty where there is none.
std::filesystem::path programs() {
  std::filesystem::path newest;
  int highest = 0;
  std::error_code absent;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", absent)) {
    const int number = std::atoi(version.path().filename().c_str());
    if (number <= highest || !std::filesystem::exists(version.path() / "bin/initdb")) continue;
    highest = number;
    newest = version.path() / "bin";
  }
  return newest;
}

const passwd* somebody_else() { return ::geteuid() == 0 ? ::getpwnam("nobody") : nullptr; }

}  // namespace

bool postgres_server::installed() {
  if (!programs().empty()) return true;
  std::fputs("SKIPPED: PostgreSQL is not installed here (Debian: postgresql), so nothing was tested with it\n", stderr);
  return false;
}

postgres_server::postgres_server() {
  if (const auto* other = somebody_else())
    if (::chown(directory_.path().c_str(), other->pw_uid, other->pw_gid) != 0) throw std::runtime_error("chown");
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t making = spawn({program("initdb"), "-D", directory_.file("data"), "-U", "posts", "-A", "trust", "-E", "UTF8",
                              "--locale=C", "--no-sync"}, nowhere);
  ::close(nowhere);
  int status = 0;
  ::waitpid(making, &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed");
  start();
}

postgres_server::~postgres_server() { end(SIGQUIT); }

void postgres_server::crash() { end(SIGQUIT); }

void postgres_server::start() {
  int output[2];
  if (::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ready_ = silent_ = false;
  said_.clear();
  pid_ = spawn({program("postgres"), "-D", directory_.file("data"), "-k", directory_.path().string(), "-c", "listen_addresses=",
                "-c", "fsync=off", "-c", "shared_buffers=16MB"}, output[1]);
  ::close(output[1]);
  listener_ = std::thread([this, from = output[0]] { listen(from); });
  std::unique_lock lock(mutex_);
  heard_.wait_for(lock, patience, [this] { return ready_ || silent_; });
  if (ready_) return;
  const auto last = said_;
  lock.unlock();
  end(SIGKILL);
  throw std::runtime_error("PostgreSQL does not get ready: " + last);
}

void postgres_server::hang() {
  ::kill(pid_, SIGSTOP);
  ::waitpid(pid_, nullptr, WUNTRACED);
}

void postgres_server::go_on() { ::kill(pid_, SIGCONT); }

std::string postgres_server::new_database() {
  const auto name = "test" + std::to_string(++databases_);
  postgres_probe(url()).ask("CREATE DATABASE " + name);
  return url(name);
}

std::string postgres_server::url(const std::string& database) const {
  return "postgres://posts@/" + database + "?host=" + directory_.path().string();
}

std::string postgres_server::program(const std::string& name) const { return (programs() / name).string(); }

pid_t postgres_server::spawn(std::vector<std::string> command, int output) const {
  std::vector<char*> argv;
  for (auto& word : command) argv.push_back(word.data());
  argv.push_back(nullptr);
  const auto* other = somebody_else();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child > 0) return child;
  if (other && (::setgroups(0, nullptr) != 0 || ::setgid(other->pw_gid) != 0 || ::setuid(other->pw_uid) != 0)) ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);     // after setuid(), which forgets it
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir("/") == 0) ::execv(argv[0], argv.data());
  ::_exit(127);
}

// Its own thread: whoever does not listen to PostgreSQL stops it, once the pipe is full.
void postgres_server::listen(int to) {
  char block[4096];
  for (ssize_t size; (size = ::read(to, block, sizeof block)) > 0;) {
    const std::lock_guard lock(mutex_);
    said_.append(block, static_cast<std::size_t>(size));
    ready_ = ready_ || said_.find("ready to accept connections") != std::string::npos;
    said_.erase(0, said_.size() - std::min<std::size_t>(said_.size(), 4096));
    heard_.notify_all();
  }
  ::close(to);
  const std::lock_guard lock(mutex_);
  silent_ = true;
  heard_.notify_all();
}

void postgres_server::end(int how) {
  if (pid_ < 0) return;
  ::kill(pid_, SIGCONT);
  ::kill(pid_, how);
  {
    std::unique_lock lock(mutex_);
    if (!heard_.wait_for(lock, patience, [this] { return silent_; })) ::kill(pid_, SIGKILL);    // the others follow
  }
  ::waitpid(pid_, nullptr, 0);
  listener_.join();
  pid_ = -1;
}

postgres_probe::postgres_probe(const std::string& url) : link_(PQconnectdb(url.c_str())) {
  if (PQstatus(static_cast<PGconn*>(link_)) == CONNECTION_OK) return;
  const std::string why = PQerrorMessage(static_cast<PGconn*>(link_));
  PQfinish(static_cast<PGconn*>(link_));
  throw std::runtime_error(why);
}

postgres_probe::~postgres_probe() { PQfinish(static_cast<PGconn*>(link_)); }

std::string postgres_probe::ask(const std::string& statement) {
  PGresult* const result = PQexec(static_cast<PGconn*>(link_), statement.c_str());
  const auto status = PQresultStatus(result);
  const std::string answer = status == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  const std::string why = PQresultErrorMessage(result);
  PQclear(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) throw std::runtime_error(why);
  return answer;
}

bool postgres_probe::comes_to(const std::string& statement, const std::string& answer) {
  const auto until = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < until) {
    if (ask(statement) == answer) return true;
    ask("SELECT pg_sleep(0.005)");
  }
  return false;
}
