package rehearsal

import (
	"context"

	"orderops/aws/local"
	"orderops/aws/local/logs"
)

// consumerFunction is the function whose event source has outages, by the
// template's name.
const consumerFunction = "OrderConsumer"

// state is how the parts of the cloud are switched; the zero value is all well.
type state struct {
	eventSourceOut bool
	pressure       local.Pressure
	delivery       logs.Delivery
}

// state is what the scenario wants of the parts now.
func (r *Rehearsal) state() (now state) {
	for _, d := range r.now(Outage) {
		now.eventSourceOut = now.eventSourceOut || d.Part == EventSource
	}
	after := r.after()
	now.pressure, now.delivery = r.scenario.pressure(after), r.scenario.delivery(after)
	return now
}

// conduct switches the parts of the cloud as the scenario says, until ctx ends.
// It touches nothing while nothing changes, so that what an operator switches
// stays as it was set.
func (r *Rehearsal) conduct(ctx context.Context, cloud *local.Cloud) {
	var was state
	for {
		now := r.state()
		if now.eventSourceOut != was.eventSourceOut {
			_ = cloud.EnableEventSource(consumerFunction, !now.eventSourceOut) //nolint:contextcheck // Start saw that there is one, which lives as long as the cloud
		}
		if now.pressure != was.pressure {
			cloud.SetPressure(now.pressure)
		}
		if now.delivery != was.delivery {
			cloud.DeliverLogs(now.delivery)
		}
		was = now
		if left, ok := r.untilChange(); !ok || !pause(ctx, left) {
			return
		}
	}
}
