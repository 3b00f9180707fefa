#include "client/cli/node_process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "client/cli/node_status.h"

namespace sanquan::cli {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(50);
constexpr std::size_t kLogTailBytes = 2'000;

fs::path folder_of(const fs::path& directory, const std::string& name) {
    std::error_code ignored;
    const auto absolute = fs::absolute(directory, ignored);
    return (absolute / "nodes" / name).lexically_normal();
}

// sanquan-node beside this program, else whatever PATH finds.
std::string node_program() {
    std::error_code error;
    const auto self = fs::read_symlink("/proc/self/exe", error);
    const auto beside = self.parent_path() / "sanquan-node";
    return !error && fs::exists(beside, error) ? beside.string() : "sanquan-node";
}

std::string read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::string log_tail(const fs::path& file) {
    const std::string text = read_text(file);
    return text.size() <= kLogTailBytes ? text : text.substr(text.size() - kLogTailBytes);
}

// Runs `arguments` with output to `log` (appended); answers the child's process id.
Result<pid_t> launch(const std::vector<std::string>& arguments, const fs::path& log) {
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (output < 0) {
        return fail(Code::kIo, "cannot open " + log.string() + ": " + std::strerror(errno));
    }
    std::vector<char*> raw;
    raw.reserve(arguments.size() + 1);
    for (const auto& argument : arguments) {
        raw.push_back(const_cast<char*>(argument.c_str()));
    }
    raw.push_back(nullptr);
    // Closed by a successful exec; else the child writes why it failed.
    int report[2] = {-1, -1};
    if (::pipe2(report, O_CLOEXEC) != 0) {
        ::close(output);
        return fail(Code::kIo, std::string("cannot start a process: ") + std::strerror(errno));
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::setsid();
        const int input = ::open("/dev/null", O_RDONLY);
        ::dup2(input, STDIN_FILENO);
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
        ::execvp(raw[0], raw.data());
        const int why = errno;
        [[maybe_unused]] const ssize_t told = ::write(report[1], &why, sizeof why);
        ::_exit(127);
    }
    const int fork_error = errno;
    ::close(output);
    ::close(report[1]);
    int why = child < 0 ? fork_error : 0;
    [[maybe_unused]] const ssize_t heard = ::read(report[0], &why, sizeof why);
    ::close(report[0]);
    if (why != 0) {
        return fail(Code::kIo, "cannot run " + arguments.front() + ": " + std::strerror(why));
    }
    return child;
}

bool has_ended(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, WNOHANG);  // collects our own child, if it is one
    return ::kill(pid, 0) != 0;
}

}  // namespace

std::vector<std::string> nodes_of(const fs::path& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(directory / "nodes", error), end; !error && entry != end;
         entry.increment(error)) {
        if (fs::exists(entry->path() / "node.toml", error)) {
            names.push_back(entry->path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

Status initialise_nodes(const fs::path& directory) {
    for (const auto& name : nodes_of(directory)) {
        const auto folder = folder_of(directory, name);
        SANQUAN_TRY_ASSIGN(const pid_t child, launch({node_program(), "init", "--config",
                                                      (folder / "node.toml").string()},
                                                     folder / "node.log"));
        int status = 0;
        ::waitpid(child, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            return fail(Code::kIo, "`" + node_program() + " init` failed for " + name + ":\n" +
                                       log_tail(folder / "node.log"));
        }
    }
    return {};
}

std::optional<int> running_pid(const fs::path& directory, const std::string& name) {
    const auto folder = folder_of(directory, name);
    int pid = 0;
    std::ifstream stream(folder / "node.pid");
    if (!(stream >> pid) || pid <= 1) {
        return std::nullopt;
    }
    const std::string command = read_text("/proc/" + std::to_string(pid) + "/cmdline");
    if (command.find((folder / "node.toml").string()) == std::string::npos) {
        return std::nullopt;
    }
    return pid;
}

Status start_node(const fs::path& directory, const std::string& name) {
    if (running_pid(directory, name)) {
        return {};
    }
    const auto folder = folder_of(directory, name);
    SANQUAN_TRY_ASSIGN(
        const pid_t pid,
        launch({node_program(), "--config", (folder / "node.toml").string()}, folder / "node.log"));
    std::ofstream(folder / "node.pid", std::ios::trunc) << pid << '\n';
    return {};
}

Status wait_until_all_answer(const fs::path& directory, const client::Profile& profile,
                             const std::vector<std::string>& only, std::chrono::seconds deadline,
                             const std::function<void(std::size_t, std::size_t)>& on_progress) {
    std::vector<client::NodeAddress> expected;
    const auto here = nodes_of(directory);
    for (const auto& node : profile.nodes) {
        const bool ours = std::find(here.begin(), here.end(), node.name) != here.end();
        if (ours &&
            (only.empty() || std::find(only.begin(), only.end(), node.name) != only.end())) {
            expected.push_back(node);
        }
    }
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (true) {
        std::string silent;
        std::size_t answering = 0;
        for (const auto& state : ask_nodes(expected, std::chrono::milliseconds(2'000))) {
            if (state.answered) {
                ++answering;
                continue;
            }
            silent += (silent.empty() ? "" : ", ") + state.address.name;
            if (!running_pid(directory, state.address.name)) {
                const auto log = folder_of(directory, state.address.name) / "node.log";
                return fail(Code::kIo, state.address.name + " has ended; the end of " +
                                           log.string() + ":\n" + log_tail(log));
            }
        }
        on_progress(answering, expected.size());
        if (silent.empty()) {
            return {};
        }
        if (std::chrono::steady_clock::now() > end) {
            return fail(Code::kTimeout, "no answer from " + silent + "; see their node.log");
        }
        std::this_thread::sleep_for(kPollInterval);
    }
}

Result<std::size_t> stop_nodes(const fs::path& directory, const std::vector<std::string>& names,
                               std::chrono::seconds deadline) {
    std::vector<std::pair<std::string, pid_t>> open;
    for (const auto& name : names) {
        if (const auto pid = running_pid(directory, name)) {
            ::kill(*pid, SIGTERM);
            open.emplace_back(name, *pid);
        }
    }
    const std::size_t count = open.size();
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!open.empty() && std::chrono::steady_clock::now() < end) {
        std::erase_if(open, [&](const auto& node) {
            return has_ended(node.second) || !running_pid(directory, node.first);
        });
        std::this_thread::sleep_for(kPollInterval);
    }
    if (!open.empty()) {
        std::string names_left;
        for (const auto& [name, pid] : open) {
            names_left += " " + name + " (pid " + std::to_string(pid) + ")";
        }
        return fail(Code::kTimeout, "still running:" + names_left);
    }
    for (const auto& name : names) {
        std::error_code ignored;
        fs::remove(folder_of(directory, name) / "node.pid", ignored);
    }
    return count;
}

}  // namespace sanquan::cli
