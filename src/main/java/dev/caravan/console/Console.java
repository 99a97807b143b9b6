package dev.caravan.console;

import dev.caravan.github.GitHubQuestions;
import dev.caravan.github.GitHubWork;
import dev.caravan.github.ThisProgram;
import dev.caravan.management.LargeAnswers;
import dev.caravan.management.ManagementPages;
import dev.caravan.management.ManagementSettings;
import dev.caravan.management.OwnNames;
import dev.caravan.management.RefusedException;
import dev.caravan.rehearsal.WhatIf;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console's paths on the management port. Created when the first page is requested. */
public final class Console implements ManagementPages, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("dev.caravan.console");

  private final ManagementSettings settings;
  private final String token;
  private final LoginLinks links = new LoginLinks(InstantSource.system());
  private final ConsoleSources sources;
  private @Nullable Router router;
  private volatile @Nullable GitHubWork work;
  private volatile @Nullable WhatIf whatIf;

  /**
   * @param token the management port's; not empty
   * @param sources what the pages show
   */
  public Console(ManagementSettings settings, String token, ConsoleSources sources) {
    this.settings = settings;
    this.token = token;
    this.sources = sources;
  }

  @Override
  public void addTo(Router outer, Vertx vertx, LargeAnswers large) {
    outer
        .route()
        .handler(
            context -> {
              if (isPage(context.normalizedPath())) {
                pages(vertx, large).handleContext(context);
              } else {
                context.next();
              }
            })
        .failureHandler(
            context -> {
              if (isPage(context.normalizedPath())) {
                failed(context);
              } else {
                context.next();
              }
            });
  }

  @Override
  public String newLink() {
    return links.newPath();
  }

  /** Ends work at GitHub and rehearsals. */
  @Override
  public void close() {
    GitHubWork begun = work;
    if (begun != null) {
      begun.close();
    }
    WhatIf rehearsals = whatIf;
    if (rehearsals != null) {
      rehearsals.close();
    }
  }

  private static boolean isPage(String path) {
    return !path.startsWith("/api") && !path.startsWith("/observe");
  }

  /** Called only on the event loop, of which there is one. */
  private Router pages(Vertx vertx, LargeAnswers large) {
    Router made = router;
    if (made == null) {
      made = make(vertx, large);
      router = made;
    }
    return made;
  }

  private Router make(Vertx vertx, LargeAnswers large) {
    Router made = Router.router(vertx);
    Pages pages = new Pages(vertx, sources.trouble());
    Sessions sessions = new Sessions(token, settings.readToken(), InstantSource.system());
    ConsoleAccess access = new ConsoleAccess(new OwnNames(settings), sessions);
    made.route().handler(Pages::protect);
    made.get("/assets/:name").handler(new Assets());
    new LoginPages(pages, access, sessions, links).addTo(made);
    made.route().handler(access);
    new DeliveryPages(pages, sources, large).addTo(made);
    new ComparePages(pages, sources, large).addTo(made);
    new SubscriptionPages(pages, sources).addTo(made);
    new OverviewPages(pages, sources).addTo(made);
    new RefusedPages(pages, sources).addTo(made);
    ThisProgram program = sources.gitHub().get();
    GitHubWork gitHub = new GitHubWork(program);
    work = gitHub;
    new GitHubPages(pages, sources, new GitHubQuestions(program), gitHub).addTo(made);
    WhatIf rehearsals = sources.whatIf().get();
    whatIf = rehearsals;
    new WhatIfPages(pages, sources, rehearsals).addTo(made);
    new Actions(sources, gitHub, rehearsals).addTo(made);
    made.route()
        .handler(
            context -> {
              throw new RefusedException(404, "There is no such page.");
            });
    return made;
  }

  private void failed(RoutingContext context) {
    Pages pages = new Pages(context.vertx(), sources.trouble());
    Throwable failure = context.failure();
    if (context.response().headWritten()) {
      context.request().connection().close();
    } else if (failure instanceof RefusedException refused) {
      pages.refused(context, refused);
    } else if (failure == null || context.statusCode() < 500) {
      pages.refused(
          context, new RefusedException(context.statusCode(), "The server cannot do that."));
    } else {
      LOG.error("A page of the console failed.", failure);
      pages.send(
          context,
          () ->
              new Pages.Page(
                  500,
                  "message",
                  Map.of(
                      "title",
                      "Something is broken here",
                      "text",
                      "The page could not be built; the server's log says why.")));
    }
  }
}
