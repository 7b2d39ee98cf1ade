#include "gateways/live/account_mail.hpp"

#include "gateways/live/wire_http.hpp"

#include <utility>

namespace gateways::live {

void AccountMail::answer(std::unique_ptr<Errand> errand, core::HttpResult result, core::Nanoseconds received) {
    const std::lock_guard reads{reading_};
    if (closed_) return;
    errand->response = http_response(std::move(result));
    errand->heard = static_cast<bool>(errand->response);
    if (errand->heard) errand->limits = rate_feedback(venue_, *errand->response);
    if (auto* talking = errand->talking.get(); talking != nullptr) {
        talking->received = received;
        talking->conversation.answer(errand->response, talking->sent, received);
        if (talking->conversation.done()) talking->answered = talking->conversation.take();
        errand->response = exchange::refused(exchange::ErrorKind::network, {});  // its text goes here, not there
    }
    came_.put(std::move(errand));
}

}  // namespace gateways::live
