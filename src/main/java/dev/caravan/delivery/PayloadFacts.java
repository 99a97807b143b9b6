package dev.caravan.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What a payload says it is about. Every part is absent when the payload does not have it, or has a
 * value that cannot be a name: empty, over 256 characters, or with control or formatting characters
 * in it. So these values can be printed as they are.
 *
 * @param action the payload's {@code action}, such as {@code opened}
 * @param repository {@code repository.full_name}
 * @param organization {@code organization.login}
 * @param installation {@code installation.id}
 * @param sender {@code sender.login}
 * @param thread what within a repository keeps its own order: {@code #12} for an issue or pull
 *     request, else a ref such as {@code refs/heads/main}
 * @param ownership whose it is, which decides what secret may sign it
 */
public record PayloadFacts(
    @Nullable String action,
    @Nullable String repository,
    @Nullable String organization,
    @Nullable String installation,
    @Nullable String sender,
    @Nullable String thread,
    Ownership ownership) {}
