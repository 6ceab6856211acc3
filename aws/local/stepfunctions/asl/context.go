package asl

import (
	"encoding/json"
	"strconv"
	"time"
)

// timeFormat is how the context object writes times.
const timeFormat = "2006-01-02T15:04:05.000Z"

// contextObject is what "$$" selects from while the state runs. retries is the
// state's RetryCount; negative leaves it out, as AWS does outside of tasks.
func (r *runner) contextObject(state string, entered time.Time, retries int) *object {
	execution := newObject()
	execution.set("Id", r.execution.ARN)
	execution.set("Input", r.input.value)
	execution.set("StartTime", r.execution.Start.UTC().Format(timeFormat))
	execution.set("Name", r.execution.Name)
	execution.set("RoleArn", r.execution.RoleARN)
	execution.set("RedriveCount", number(r.execution.Redrives))
	if r.execution.Redrives > 0 {
		execution.set("RedriveTime", r.execution.Redriven.UTC().Format(timeFormat))
	}
	machine := newObject()
	machine.set("Id", r.execution.MachineARN)
	machine.set("Name", r.execution.MachineName)
	current := newObject()
	current.set("Name", state)
	current.set("EnteredTime", entered.UTC().Format(timeFormat))
	if retries >= 0 {
		current.set("RetryCount", number(retries))
	}
	c := newObject()
	c.set("Execution", execution)
	c.set("StateMachine", machine)
	c.set("State", current)
	return c
}

func number(n int) json.Number { return json.Number(strconv.Itoa(n)) }
