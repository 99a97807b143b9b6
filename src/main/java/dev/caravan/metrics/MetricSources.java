package dev.caravan.metrics;

import dev.caravan.config.Versions;
import dev.caravan.github.RecoveryFindings;
import dev.caravan.github.api.RateLimits;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.LogFigures;
import dev.caravan.routes.RouteFiles;
import dev.caravan.secrets.LiveSecrets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whom the metrics ask.
 *
 * @param losses those of their counts that go on over restarts
 * @param routes gives null as long as no routes are loaded
 * @param certificates gives by port when its certificate ends; empty without TLS
 */
public record MetricSources(
    Ingress ingress,
    HookActivity hooks,
    LiveSecrets secrets,
    LogFigures log,
    LossCounts losses,
    Supplier<@Nullable RouteFiles> routes,
    Supplier<Map<String, Instant>> certificates,
    RateLimits rateLimits,
    RecoveryFindings recovery,
    Versions versions) {}
