package dev.caravan.console;

import dev.caravan.github.ThisProgram;
import dev.caravan.hooks.HookActivity;
import dev.caravan.ingress.Ingress;
import dev.caravan.log.LogEngine;
import dev.caravan.logging.AttemptLines;
import dev.caravan.metrics.FigureHistory;
import dev.caravan.rehearsal.WhatIf;
import dev.caravan.routes.RouteFiles;
import dev.caravan.secrets.LiveSecrets;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages show: the same parts of the program that the API uses.
 *
 * @param trouble why deliveries cannot be accepted at the moment, or an empty text
 * @param routes gives null until routes are loaded
 * @param certificates gives when each port's certificate expires; empty without TLS
 * @param hookUrl gives the URL of the hook as seen from this machine; called once it is known
 * @param gitHub gives what questions to GitHub need; called when somebody opens a page
 * @param whatIf makes a new one, when somebody opens a page
 */
public record ConsoleSources(
    Supplier<String> trouble,
    LogEngine log,
    Ingress ingress,
    HookActivity hooks,
    LiveSecrets secrets,
    Supplier<@Nullable RouteFiles> routes,
    FigureHistory figureHistory,
    AttemptLines lines,
    Supplier<Map<String, Instant>> certificates,
    Supplier<String> hookUrl,
    Supplier<ThisProgram> gitHub,
    Supplier<WhatIf> whatIf) {}
