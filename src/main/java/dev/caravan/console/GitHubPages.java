package dev.caravan.console;

import dev.caravan.console.Frame.Place;
import dev.caravan.console.Pages.Page;
import dev.caravan.github.ChosenHooks;
import dev.caravan.github.GitHubQuestions;
import dev.caravan.github.GitHubQuestions.Question;
import dev.caravan.github.GitHubWork;
import dev.caravan.github.HookReport;
import dev.caravan.routes.RouteFiles;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The page about GitHub's side: what is wrong with the hooks, what is missing, and how its recovery
 * is going.
 */
final class GitHubPages {
  private final Pages pages;
  private final ConsoleSources sources;
  private final GitHubQuestions questions;
  private final GitHubWork work;

  GitHubPages(Pages pages, ConsoleSources sources, GitHubQuestions questions, GitHubWork work) {
    this.pages = pages;
    this.sources = sources;
    this.questions = questions;
    this.work = work;
  }

  void addTo(Router router) {
    router.get("/github").handler(this::page);
    router.get("/github/work").handler(this::workAlone);
  }

  /** The hooks that a form names. */
  static ChosenHooks hooks(MultiMap form) {
    return new ChosenHooks(text(form, "hooks"), text(form, "url"));
  }

  /** The address of the page with these hooks in its form. */
  static String address(ChosenHooks hooks) {
    return "/github?hooks=" + Format.encoded(hooks.names()) + "&url=" + Format.encoded(hooks.url());
  }

  private void page(RoutingContext context) {
    MultiMap asked = context.queryParams();
    pages.send(
        context,
        () -> pages.page(context, Place.GITHUB, "GitHub", "github", Map.of("view", view(asked))));
  }

  private GitHubView view(MultiMap asked) throws Exception {
    ChosenHooks hooks = asked.contains("hooks") ? hooks(asked) : questions.configured();
    String trouble = questions.trouble();
    Question question = question(asked.get("do"));
    HookReport answer =
        question == null || !trouble.isEmpty() ? null : questions.ask(question, hooks);
    return new GitHubView(
        hooks,
        trouble,
        isRouteBroken(),
        answer,
        question == Question.DIFFERENCE && answer != null && answer.isDifferent(),
        work.state());
  }

  /** The part of the page that follows the work. */
  private void workAlone(RoutingContext context) {
    pages.send(
        context,
        () -> {
          Map<String, Object> model = new HashMap<>();
          model.put("work", work.state());
          return Page.of("githubwork", model);
        });
  }

  private boolean isRouteBroken() {
    RouteFiles loaded = sources.routes().get();
    return loaded != null && loaded.files().stream().anyMatch(file -> file.problem() != null);
  }

  private static @Nullable Question question(@Nullable String word) {
    return Arrays.stream(Question.values())
        .filter(each -> Format.word(each).equals(word))
        .findFirst()
        .orElse(null);
  }

  private static String text(MultiMap form, String name) {
    String value = form.get(name);
    return value == null ? "" : value.strip();
  }
}
