package asl

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
)

// resourceInvoke is the service integration that calls a Lambda function.
const resourceInvoke = "arn:aws:states:::lambda:invoke"

// task is the part of a Task state.
type task struct {
	// function is the Lambda function's ARN; "" means the lambda:invoke
	// integration, where Parameters name the function.
	function   string
	parameters *template
	selector   *template
	resultPath dataPath
	// timeout in seconds; 0 means none.
	timeout     int64
	timeoutPath *path
	retry       []retrier
	catch       []catcher
}

func (f *fields) task() *task {
	f.require("Resource")
	f.atMostOne("TimeoutSeconds", "TimeoutSecondsPath")
	t := &task{
		parameters: f.template("Parameters"), selector: f.template("ResultSelector"), resultPath: f.dataPath("ResultPath"),
		timeout: f.seconds("TimeoutSeconds", 1, 0), timeoutPath: f.path("TimeoutSecondsPath"),
		retry: f.retry(), catch: f.catch(),
	}
	switch resource, ok := member[string](f, "Resource"); {
	case resource == resourceInvoke:
		f.invokeParameters()
	case isFunction(resource):
		t.function = resource
	case ok:
		f.fail("Resource", "The resource provided %s is not recognized. The local AWS runs Lambda functions and %s", resource, resourceInvoke)
	}
	return t
}

// isFunction says whether a resource is the ARN of a Lambda function.
func isFunction(resource string) bool {
	part := strings.Split(resource, ":")
	return len(part) >= 7 && len(part) <= 8 && part[0] == "arn" && part[2] == "lambda" && part[5] == "function" && part[6] != ""
}

// invokeParameters checks what lambda:invoke is given.
func (f *fields) invokeParameters() {
	parameters, ok := member[*object](f, "Parameters")
	if !ok {
		parameters = newObject()
	}
	named := false
	for _, name := range parameters.names {
		switch strings.TrimSuffix(name, ".$") {
		case "FunctionName":
			named = true
		case "Payload":
		case "InvocationType":
			if parameters.values[name] != "RequestResponse" {
				f.fail("Parameters", "The local AWS supports no 'InvocationType' but RequestResponse")
			}
		default:
			f.fail("Parameters", "The field '%s' is not supported by the local AWS", name)
		}
	}
	if !named {
		f.fail("Parameters", "The field 'FunctionName' is required but was missing")
	}
}

// runTask tries the task until it succeeds, or nothing retries its failure; a
// catcher then decides what follows.
func (v *visit) runTask(ctx context.Context, input document) (output document, next string, err error) {
	t := v.state.task
	done := make([]int64, len(t.retry))
	for v.retries = 0; ; v.retries++ {
		output, err = v.attempt(ctx, input)
		f, failed := errors.AsType[*failure](err)
		if !failed {
			return output, v.state.next, err
		}
		again, delay := t.again(f, done, v.execution.Random)
		if !again {
			output, next, ok, err := t.caught(f, input)
			if !ok {
				err = f
			}
			return output, next, err
		}
		if err := sleep(ctx, delay); err != nil {
			return document{}, "", err
		}
	}
}

// attempt calls the function once and makes the state's output of its answer.
func (v *visit) attempt(ctx context.Context, input document) (document, error) {
	t := v.state.task
	request, err := v.narrow(v.state.input, input)
	if err == nil {
		request, err = v.fill(t.parameters, request)
	}
	var timeout int64
	if err == nil {
		timeout, err = v.timeout(input)
	}
	if err != nil {
		return document{}, err
	}
	result, err := v.call(ctx, request, timeout)
	if err == nil {
		result, err = v.fill(t.selector, result)
	}
	if err != nil {
		return document{}, err
	}
	output, err := t.resultPath.merge(input, result)
	if err != nil {
		return document{}, err
	}
	return v.narrow(v.state.output, output)
}

// timeout is the time-out of the task in seconds, 0 for none.
func (v *visit) timeout(input document) (int64, error) {
	p := v.state.task.timeoutPath
	if p == nil {
		return v.state.task.timeout, nil
	}
	value, err := v.at(p, input)
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
