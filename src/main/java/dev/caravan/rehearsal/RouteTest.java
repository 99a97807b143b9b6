package dev.caravan.rehearsal;

import dev.caravan.rehearsal.stage.Answer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A test: what somebody expects of routes.
 *
 * @param routes those that are given the delivery; null for all
 * @param payload the name of a file beside the test's; null for the sample of the event
 * @param change values that take the place of the payload's, by their paths: {@code
 *     pull_request.base.ref}
 * @param answers of the endpoints
 * @param takenBy the routes that take it, no more and no fewer; null when that is not said
 * @param sent all that is sent, in any order; null when that is not said
 * @param fails a part of the error that a route fails with; null when none is to fail
 */
public record RouteTest(
    String name,
    @Nullable List<String> routes,
    String event,
    @Nullable String payload,
    Map<String, Object> change,
    List<Answer> answers,
    @Nullable List<String> takenBy,
    @Nullable List<ExpectedSend> sent,
    @Nullable String fails) {}
