package io.naru.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchTurnsTest {

    @Test
    void fewAtATimeInTheOrderInWhichTheyAsked() {
        FetchTurns turns = new FetchTurns(2);
        List<Integer> begun = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            int number = i;
            turns.take(() -> begun.add(number));
        }
        assertThat(begun).containsExactly(1, 2);
        turns.give();
        assertThat(begun).containsExactly(1, 2, 3);
        turns.give();
        turns.give();
        turns.give();
        assertThat(begun).containsExactly(1, 2, 3, 4);
        turns.take(() -> begun.add(5));
        turns.take(() -> begun.add(6));
        turns.take(() -> begun.add(7));
        assertThat(begun).as("turns that nobody wanted are there again").endsWith(5, 6);
    }
}
