package operation_test

import (
	"context"
	"testing"

	"orderops/workflow"
	"orderops/workflow/operation"
)

// mapping is a consumer that remembers how it was switched.
type mapping struct {
	state    string
	switched []bool
	err      error
}

func (m *mapping) Describe(context.Context, string) (workflow.Consumer, error) {
	return workflow.Consumer{UUID: "u", Function: "f", State: m.state}, nil
}

func (m *mapping) Switch(_ context.Context, _ string, on bool) (string, error) {
	m.switched = append(m.switched, on)
	return "Enabling", m.err
}

func switching(m *mapping, guard *workflow.Guard) *operation.Desk {
	return operation.NewDesk(workflow.Deployment{QueueURL: "https://q/0/OrderQueue"}, nil, nil, operation.Options{Guard: guard, Consumer: m, Switch: m})
}

func TestPlanConsumer(t *testing.T) {
	t.Parallel()
	desk := switching(&mapping{}, nil)
	for _, c := range []struct {
		state string
		on    bool
		risk  operation.Risk
		ok    bool
	}{
		{"Enabled", false, operation.TypeName, true},
		{"Disabled", true, operation.Ask, true},
		{"Enabled", true, 0, false},
		{"Disabled", false, 0, false},
		{"Disabling", true, 0, false},
		{"Enabling", false, 0, false},
	} {
		plan, err := desk.PlanConsumer(workflow.Consumer{UUID: "u", Function: "f", State: c.state}, c.on)
		if (err == nil) != c.ok || plan.Risk != c.risk || c.risk == operation.TypeName && plan.Type != "OrderQueue" {
			t.Errorf("%s, on %v: %+v, %v", c.state, c.on, plan, err)
		}
		if err != nil && workflow.KindOf(err) != workflow.Refused {
			t.Errorf("%s, on %v: %v", c.state, c.on, err)
		}
	}
	if _, err := desk.PlanConsumer(workflow.Consumer{}, false); workflow.KindOf(err) != workflow.Refused {
		t.Errorf("without a mapping: %v", err)
	}
}

func TestSwitchConsumer(t *testing.T) {
	t.Parallel()
	m := &mapping{}
	c := workflow.Consumer{UUID: "u", Function: "f", State: "Disabled"}
	record, err := switching(m, nil).SwitchConsumer(t.Context(), c, true)
	if err != nil || record.Outcome != workflow.Done || len(m.switched) != 1 || !m.switched[0] {
		t.Errorf("%+v, %v, switched %v", record, err, m.switched)
	}
	if _, err = switching(m, workflow.NewGuard(true, false, 0)).SwitchConsumer(t.Context(), c, true); workflow.KindOf(err) != workflow.Refused || len(m.switched) != 1 {
		t.Errorf("read-only: %v, switched %v", err, m.switched)
	}
	m.err = &workflow.Problem{Kind: workflow.OutcomeUnknown}
	if record, err = switching(m, nil).SwitchConsumer(t.Context(), c, true); workflow.KindOf(err) != workflow.OutcomeUnknown || record.Outcome != workflow.Unknown {
		t.Errorf("a lost answer: %+v, %v", record, err)
	}
}
