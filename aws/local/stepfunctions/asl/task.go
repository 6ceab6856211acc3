package asl

import (
	"encoding/json"
	"regexp"
)

// resourceInvoke is the service integration that calls a Lambda function.
const resourceInvoke = "arn:aws:states:::lambda:invoke"

// task is what a Task state calls.
type task struct {
	// function is the Lambda function's ARN; "" means the lambda:invoke
	// integration, where the parameters name the function.
	function string
	// timeout in seconds; 0 means none.
	timeout     int64
	timeoutPath *path
}

func (f *fields) task() worker {
	f.require("Resource")
	f.atMostOne("TimeoutSeconds", "TimeoutSecondsPath")
	t := &task{timeout: f.seconds("TimeoutSeconds", 1, 0), timeoutPath: f.path("TimeoutSecondsPath")}
	switch resource, ok := member[string](f, "Resource"); {
	case resource == resourceInvoke:
		f.invokeParameters()
	case functionARN.MatchString(resource):
		t.function = resource
	case ok:
		f.fail("Resource", "The resource provided %s is not recognized. The local AWS runs Lambda functions and %s", resource, resourceInvoke)
	}
	return t.call
}

// functionARN is the ARN of a Lambda function, perhaps with a version or alias.
var functionARN = regexp.MustCompile(`^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]*)?$`)

// invokeParameters checks what lambda:invoke is given.
func (f *fields) invokeParameters() {
	o, ok := member[*object](f, "Parameters")
	if !ok {
		o = newObject()
	}
	p := f.fields(o, f.state, f.at+"/Parameters")
	if named, _ := p.present("FunctionName", "FunctionName.$"); len(named) == 0 {
		f.fail("Parameters", "The field 'FunctionName' is required but was missing")
	}
	for _, name := range []string{"FunctionName", "FunctionName.$", "Payload", "Payload.$"} {
		p.known[name] = true
	}
	p.oneOf("InvocationType", "RequestResponse")
	p.finish()
}

// seconds is the time-out of the task for what its state was given, 0 for none.
func (t *task) seconds(v *visit) (int64, error) {
	p := t.timeoutPath
	if p == nil {
		return t.timeout, nil
	}
	value, err := v.at(p, v.given)
	if err != nil {
		return 0, runtimeFailure("Invalid path '%s' : %s", p.text, err.Error())
	}
	n, _ := value.(json.Number)
	seconds, err := n.Int64()
	if err != nil || seconds < 1 || seconds > maxSeconds {
		return 0, runtimeFailure("The TimeoutSecondsPath parameter does not reference a positive integer: %s == %s", p.text, plain(value))
	}
	return seconds, nil
}
