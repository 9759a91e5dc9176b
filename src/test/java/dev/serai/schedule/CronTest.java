package dev.serai.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The tables of this test are {@code fires.txt} and {@code refused.txt}; its judge, besides them, is {@link EveryMinute}. */
class CronTest {
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Africa/Casablanca",
            "Asia/Tehran",
            "America/Sao_Paulo",
            "Asia/Beirut",
            "America/Havana",
            "America/St_Johns",
            "Antarctica/Troll",
            "Pacific/Apia");
    /** So much does a look at every minute cost in time. */
    private static final Duration LOOKED_AT = Duration.ofDays(100);

    private static Stream<Arguments> table(String name) {
        try (InputStream file = CronTest.class.getResourceAsStream("/schedule/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.replace("\\t", "\t").replace("\\n", "\n"))
                    .map(line -> Arguments.of((Object[]) line.split("\\|", -1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Arguments> fires() {
        return table("fires.txt");
    }

    static Stream<Arguments> refused() {
        return table("refused.txt");
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text.strip()).toInstant();
    }

    private static List<Instant> instants(String texts) {
        return Arrays.stream(texts.strip().split(" ")).map(CronTest::instant).toList();
    }

    @ParameterizedTest
    @MethodSource("fires")
    void firesWhenUnixCronDoes(String expression, String zone, String from, String expected) {
        List<Instant> times = instants(expected);
        assertThat(Cron.of(expression).next(ZoneId.of(zone), instant(from), times.size()))
                .isEqualTo(times);
    }

    @ParameterizedTest
    @MethodSource("fires")
    void theTableIsWhatALookAtEveryMinuteShows(String expression, String zone, String from, String expected) {
        Instant start = instant(from);
        Instant end = start.plus(LOOKED_AT);
        List<Instant> times =
                instants(expected).stream().filter(time -> time.isBefore(end)).toList();
        boolean all = times.size() == instants(expected).size();
        Instant until = all ? times.get(times.size() - 1).plusSeconds(60) : end;
        assertThat(EveryMinute.of(expression).between(ZoneId.of(zone), start, until))
                .isEqualTo(times);
    }

    @Test
    void theTablesAreAsLongAsTheyShouldBe() {
        assertThat(fires()).hasSizeGreaterThan(250);
        assertThat(refused()).hasSizeGreaterThan(70);
    }

    /** Each round's name holds the seed that repeats it. */
    @Test
    void agreesWithALookAtEveryMinute() {
        long first = Long.getLong("serai.cron.seed", System.nanoTime());
        for (long seed = first; seed < first + Integer.getInteger("serai.cron.rounds", 200); seed++) {
            Random random = new Random(seed);
            String text = RandomCron.text(random);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            Instant start = aroundAChange(zone, random);
            Instant end = start.plus(Duration.ofDays(8));
            List<Instant> expected = EveryMinute.of(text).between(zone, start, end);
            List<Instant> found = Cron.fault(text).equals(Optional.of("never fires"))
                    ? new ArrayList<>()
                    : Cron.of(text).next(zone, start, expected.size() + 1);
            found.removeIf(time -> !time.isBefore(end));
            assertThat(found.equals(expected))
                    .as(
                            "-Dserai.cron.seed=%s: %s in %s from %s: %s… instead of %s…",
                            seed,
                            text,
                            zone,
                            start,
                            found.stream().limit(5).toList(),
                            expected.stream().limit(5).toList())
                    .isTrue();
        }
    }

    private static Instant aroundAChange(ZoneId zone, Random random) {
        Instant year = Instant.parse(2009 + random.nextInt(18) + "-01-01T00:00:00Z");
        ZoneOffsetTransition change = zone.getRules().nextTransition(year.plus(Duration.ofDays(random.nextInt(300))));
        Instant around = change == null ? year : change.getInstant();
        return around.minusSeconds(random.nextInt(480_000) - 6_000);
    }

    /** Where the library reads a crontab as cron does, and where clocks do not change. */
    @Test
    void agreesWithTheLibraryOnPlainExpressions() {
        long first = Long.getLong("serai.cron.seed", System.nanoTime());
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        for (long seed = first; seed < first + 200; seed++) {
            String text = RandomCron.plain(new Random(seed));
            if (Cron.fault(text).isPresent()) {
                continue;
            }
            Instant start = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(new Random(seed).nextInt(100_000_000));
            ExecutionTime times = ExecutionTime.forCron(parser.parse(text));
            List<Instant> expected = Stream.iterate(start.atZone(ZoneOffset.UTC), time -> times.nextExecution(time)
                            .orElseThrow())
                    .skip(1)
                    .limit(10)
                    .map(time -> time.toInstant())
                    .toList();
            assertThat(Cron.of(text).next(ZoneOffset.UTC, start, 10))
                    .as("-Dserai.cron.seed=%s: %s from %s", seed, text, start)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void saysWhatIsWrong(String expression, String words) {
        assertThat(Cron.fault(expression)).get().asString().contains(words.strip());
    }

    @Test
    void refusesVeryLongExpressions() {
        assertThat(Cron.fault("1,".repeat(5_000) + "1 * * * *"))
                .get()
                .asString()
                .contains("longer than 200");
    }

    @Test
    void firesOnADayThatExistsInSomeYearsOnly() {
        assertThat(Cron.fault("0 0 31 2 1")).isEmpty();
        assertThat(Cron.fault("0 0 29 2 *")).isEmpty();
        assertThat(Cron.fault("0 0 31 * *")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "+02:00"})
    void knowsZones(String zone) {
        assertThat(Cron.zoneFault(zone)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Base", "europe/berlin", "Europe/Berlin ", "\u0000", "+99:00"})
    void refusesOtherZones(String zone) {
        assertThat(Cron.zoneFault(zone)).isPresent();
    }
}
