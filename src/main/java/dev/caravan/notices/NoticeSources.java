package dev.caravan.notices;

import dev.caravan.hooks.HookActivity;
import dev.caravan.log.DeliveryHistory;
import dev.caravan.log.LogFigures;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The parts of the program that {@link NoticeWatch} asks.
 *
 * @param trouble why deliveries cannot be taken at the moment, or an empty text
 * @param turnedAway how many deliveries were turned away since the start
 * @param brokenFiles by the name of a route file what is wrong with it
 */
public record NoticeSources(
    LogFigures figures,
    DeliveryHistory history,
    HookActivity hooks,
    Supplier<String> trouble,
    LongSupplier turnedAway,
    Supplier<Map<String, String>> brokenFiles) {}
