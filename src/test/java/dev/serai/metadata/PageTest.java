package dev.serai.metadata;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.serai.failure.Failure;
import dev.serai.failure.FailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageTest {

    @Test
    void hasACursorOnlyWhenThereIsMore() {
        assertThat(Page.of(List.of("a", "b"), 2, key -> key).nextCursor()).isNull();
        Page<String> page = Page.of(List.of("a", "ö\u20ac", "c"), 2, key -> key);
        assertThat(page.items()).containsExactly("a", "ö\u20ac");
        assertThat(page.nextCursor()).matches("[A-Za-z0-9_-]+");
        assertThat(Cursor.after(page.nextCursor())).isEqualTo("ö\u20ac");
    }

    @Test
    void startsBeforeEveryKeyWithoutACursor() {
        assertThat(Cursor.after(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "a", "AA", "_w", "%", "Zm9v=Zm9v", "CgA"})
    void refusesWhatNoPageHasGiven(String cursor) {
        assertThatThrownBy(() -> Cursor.after(cursor))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Unreadable.class));
    }
}
