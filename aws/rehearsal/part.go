package rehearsal

import (
	"context"
	"fmt"

	"orderops/aws/local"
)

// consumerFunction is the function whose event source has outages, by the
// template's name.
const consumerFunction = "OrderConsumer"

// conduct switches the parts of the cloud as the scenario says, until ctx ends.
// It touches nothing while nothing changes, so that what an operator switches
// stays as it was set.
func (r *Rehearsal) conduct(ctx context.Context, cloud *local.Cloud) {
	wasOut, was := false, local.Pressure{}
	for {
		out := false
		for _, d := range r.now(Outage) {
			out = out || d.Part == EventSource
		}
		if out != wasOut {
			if err := cloud.EnableEventSource(consumerFunction, !out); err != nil { //nolint:contextcheck // the event source lives as long as the cloud
				panic(fmt.Errorf("the scenario needs an event source: %w", err)) // the template has it
			}
			wasOut = out
		}
		if pressure := r.scenario.pressure(r.after()); pressure != was {
			cloud.SetPressure(pressure)
			was = pressure
		}
		if left, ok := r.untilChange(); !ok || !pause(ctx, left) {
			return
		}
	}
}
