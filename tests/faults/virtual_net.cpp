#include "tests/faults/virtual_net.hpp"

#include "tools/venue/faults/script.hpp"

#include <algorithm>

namespace test {

using core::Nanoseconds;

VirtualNet::VirtualNet(venue::SimulatorSettings settings) : now{settings.start}, simulator{std::move(settings)} {
    simulator.deliver_to([this](venue::Simulator::Outgoing&& out) {
        later(flight, [this, letter = std::move(out)] {
            if (sockets_ != nullptr) sockets_->arrived(letter);
        });
    });
}

void VirtualNet::advance(Nanoseconds to) {
    now = to;
    simulator.advance(now);
    while (!mail_.empty() && mail_.begin()->first <= now) mail_.extract(mail_.begin()).mapped()();
}

std::size_t VirtualNet::fault(const std::string& yaml) {
    for (const auto& spec : venue::parse_faults(yaml)) simulator.add_fault(spec);
    return simulator.faults().size() - 1;
}

void VirtualNet::request(const core::HttpRequest& request, const gateways::live::AccountTransport::Answer& answer) {
    auto made = venue::HttpRequest::make(request.method, request.target, request.body);
    for (auto [name, value] : request.fields) {
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        made.headers.emplace_back(std::move(name), std::move(value));
    }
    ++requests[made.method + " " + made.path];
    auto reply = simulator.http(made);
    if (reply.drop || lost_answers)
        return later(http_patience, [this, answer] {
            answer(core::NetFailure{.phase = core::NetPhase::read,
                                    .fault = core::NetFault::timeout,
                                    .unknown_outcome = true,
                                    .detail = "no answer in time"},
                   now);
        });
    later(flight + reply.delay, [this, answer, reply = std::move(reply)] {
        core::HttpAnswer whole{.status = reply.status, .fields = {}, .body = reply.body};
        for (const auto& [name, value] : reply.headers) whole.fields.emplace_back(name, value);
        answer(std::move(whole), now);
    });
}

VirtualSockets::VirtualSockets(VirtualNet& net) : net_{&net} {
    net_->sockets_ = this;
}

VirtualSockets::~VirtualSockets() {
    for (const auto& [socket, connection] : places_)
        net_->later(net_->flight, [net = net_, id = connection.second] { net->simulator.closed(id); });
    net_->sockets_ = nullptr;
}

void VirtualSockets::open(std::size_t socket, const core::Url& url) {
    const auto id = net_->network ? net_->simulator.open(venue::HttpRequest::make("GET", url.target)) : 0;
    const Connection connection{++net_->opened, id};
    places_[socket] = connection;
    tell(id == 0 ? News::closed : News::opened, socket, connection, id == 0 ? "refused" : "");
}

/// After a flight.
void VirtualSockets::tell(News::Kind kind, std::size_t socket, const Connection& connection, std::string text) {
    net_->later(net_->flight, [net = net_, news = News{kind, socket, connection, std::move(text)}] {
        if (net->sockets_ != nullptr) net->sockets_->came_.push_back(news);
    });
}

void VirtualSockets::close(std::size_t socket) {
    const auto place = places_.find(socket);
    if (place == places_.end()) return;
    net_->later(net_->flight, [net = net_, id = place->second.second] { net->simulator.closed(id); });
    places_.erase(place);
}

void VirtualSockets::send(std::size_t socket, std::string_view text) {
    const auto place = places_.find(socket);
    if (place == places_.end() || !net_->network) return;
    const auto connection = place->second;
    net_->later(net_->flight, [net = net_, id = connection.second, message = std::string{text}] {
        net->simulator.message(id, message);
    });
    if (!net_->cut_after || !net_->cut_after(text)) return;
    // Nothing comes back any more; the venue hears of it behind the message.
    net_->later(net_->flight, [net = net_, id = connection.second] { net->simulator.closed(id); });
    came_.push_back({News::closed, socket, connection, "cut"});
}

void VirtualSockets::ask(const core::Endpoint&, core::HttpRequest request, Answer answer) {
    if (!net_->network)
        return answer(core::NetFailure{.phase = core::NetPhase::connect,
                                       .fault = core::NetFault::unreachable,
                                       .detail = "no route to the venue"},
                      net_->now);
    net_->later(net_->flight, [net = net_, request = std::move(request), answer = std::move(answer)] {
        net->request(request, answer);
    });
}

/// Brought by a flight.
void VirtualSockets::arrived(const venue::Simulator::Outgoing& letter) {
    for (const auto& [socket, connection] : places_)
        if (connection.second == letter.to)
            came_.push_back({letter.close_code != 0 ? News::closed : News::frame, socket, connection, letter.text});
}

}  // namespace test
