package main

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local"
	"orderops/aws/local/logs"
	"orderops/aws/local/wire"
)

// TestTheLogLagsOrIsForbidden: what the log does not tell is told by histories,
// and the screens say so until it is back.
func TestTheLogLagsOrIsForbidden(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 160, h: 50, wait: 20 * time.Minute})
		s.pass(3 * time.Second)
		s.start(5)
		s.pass(5 * time.Second)
		s.shows("Wait30Seconds 5")
		s.refusing(func(call local.Call) *wire.Error {
			if call.Action() == logReads {
				return call.Denied("arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/OrderStateMachine")
			}
			return nil
		})
		s.pass(10 * time.Second)
		s.start(3)
		s.pass(75 * time.Second)
		s.shows("Wait30Seconds 8", "only rows in view are located", "execution log: no permission")
		s.press("3")
		s.pass(2 * time.Second)
		s.shows("only rows in view are located: no permission logs:FilterLogEvents", "Wait30Seconds")
		s.refusing(nil)
		s.pass(40 * time.Second)
		s.hides("only rows in view", "no permission")
	})
}

// TestEventsThatComeLateOrNeverLeaveATruePicture: half a minute late, a fifth of
// them never, and in the end each execution is shown as it is.
func TestEventsThatComeLateOrNeverLeaveATruePicture(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 160, h: 50, wait: 60 * time.Second})
		s.pass(3 * time.Second)
		s.cloud.DeliverLogs(logs.Delivery{Lag: 25 * time.Second, Loss: 0.2})
		s.start(40)
		s.pass(45 * time.Second)
		s.shows("40 running")
		s.pass(2 * time.Minute)
		s.shows("0 running", fmt.Sprintf("✓ %d succeeded", 40))
		s.hides("not located")
	})
}

// TestTheConsumerIsSwitchedOff: within half a minute the overview says so and what
// to do about it, and it goes away by itself.
func TestTheConsumerIsSwitchedOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 160, h: 50})
		s.pass(5 * time.Second)
		s.shows("OrderConsumer · deployed")
		if err := s.cloud.EnableEventSource("OrderConsumer", false); err != nil {
			t.Fatal(err)
		}
		s.send(order("Pizza_7", 2, "Restaurant 1"), order("Burger_20", 3, "Restaurant 4"))
		s.pass(40 * time.Second)
		s.shows("the consumer OrderConsumer is switched off (Disabled): 2 orders wait", "OrderConsumer Disabled")
		s.press("enter")
		s.shows("Nothing is lost yet", "orderops consumer resume")
		s.press("esc")
		if err := s.cloud.EnableEventSource("OrderConsumer", true); err != nil {
			t.Fatal(err)
		}
		s.pass(40 * time.Second)
		s.hides("switched off")
		s.shows("OrderConsumer · deployed")
	})
}

// TestMetricsAreSwitchedOff: what costs is not asked for then.
func TestMetricsAreSwitchedOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, setting{fps: calm, w: 160, h: 50})
		s.pass(5 * time.Second)
		s.shows("CloudWatch, $0.0078/h")
		s.press("m")
		s.hides("CloudWatch")
		if n := s.calls(func() { s.pass(5 * time.Minute) })["cloudwatch:GetMetricData"]; n != 0 {
			t.Errorf("%d calls", n)
		}
		s.press("m")
		if n := s.calls(func() { s.pass(5 * time.Minute) })["cloudwatch:GetMetricData"]; n < 5 || n > 6 {
			t.Errorf("%d calls in five minutes", n)
		}
	})
}
