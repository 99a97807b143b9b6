package dev.caravan.metrics;

import dev.caravan.config.Versions;
import dev.caravan.github.api.RateLimits;
import dev.caravan.github.recovery.RecoveryFindings;
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
 * The parts of the program that the metrics are read from.
 *
 * @param losses the counts among them that continue across restarts
 * @param routes gives null until routes are loaded
 * @param certificates gives for each port when its certificate expires; empty without TLS
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
