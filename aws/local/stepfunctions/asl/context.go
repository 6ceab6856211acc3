package asl

import (
	"encoding/json"
	"strconv"
)

// timeFormat is how the context object writes times.
const timeFormat = "2006-01-02T15:04:05.000Z"

// contextObject is what "$$" selects from while the state runs.
func (v *visit) contextObject() *object {
	e := v.execution
	execution := newObject().
		set("Id", e.ARN).
		set("Input", v.input.value).
		set("StartTime", e.Start.UTC().Format(timeFormat)).
		set("Name", e.Name).
		set("RoleArn", e.RoleARN).
		set("RedriveCount", number(e.Redrives))
	if e.Redrives > 0 {
		execution.set("RedriveTime", e.Redriven.UTC().Format(timeFormat))
	}
	current := newObject().set("Name", v.state.name).set("EnteredTime", v.entered.UTC().Format(timeFormat))
	if v.state.kind == "Task" {
		current.set("RetryCount", number(v.retries))
	}
	return newObject().
		set("Execution", execution).
		set("StateMachine", newObject().set("Id", e.MachineARN).set("Name", e.MachineName)).
		set("State", current)
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
