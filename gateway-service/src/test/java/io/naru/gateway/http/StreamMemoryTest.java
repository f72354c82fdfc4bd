package io.naru.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamMemoryTest {

    @Test
    void isShortWhileAllTogetherHaveWrittenSoMuchThatWasNotTaken() {
        StreamMemory memory = new StreamMemory(100);
        memory.add(60);
        assertThat(memory.isShort()).isFalse();
        memory.add(40);
        assertThat(memory.isShort()).isTrue();
        memory.add(-1);
        assertThat(memory.isShort()).isFalse();
    }
}
