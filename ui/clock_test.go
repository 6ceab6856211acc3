package ui

import (
	"testing"
	"testing/synctest"
	"time"
)

// One tick is on its way, however often the clock is asked; an earlier one takes
// its place, and the one that was replaced means nothing any more.
func TestClockKeepsOneTick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c clock
		now := time.Now()
		late := c.wake(now, 10*time.Second)
		if late == nil {
			t.Fatal("no tick was begun")
		}
		if c.wake(now, 20*time.Second) != nil || c.wake(now.Add(5*time.Second), 5*time.Second) != nil {
			t.Error("a second tick was begun though one comes early enough")
		}
		soon := c.wake(now, time.Second)
		if soon == nil {
			t.Fatal("the earlier tick was not begun")
		}
		first, ok := soon().(ticked)
		if !ok || !c.take(first) {
			t.Error("the earlier tick is not taken")
		}
		if old, ok := late().(ticked); !ok || c.take(old) {
			t.Error("the tick that was replaced is taken")
		}
		if c.wake(time.Now(), time.Second) == nil {
			t.Error("after a tick was taken, no next one is begun")
		}
	})
}
