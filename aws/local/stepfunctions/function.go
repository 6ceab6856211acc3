package stepfunctions

import "orderops/aws/local/stepfunctions/asl"

// Invoker runs Lambda functions for Task states. See asl.Invoker.
type Invoker = asl.Invoker

// FunctionError is a failure of the function itself: it raised, crashed or timed out.
type FunctionError = asl.FunctionError

// ErrNoFunction says that no function has the ARN. Step Functions reports it as
// Lambda.ResourceNotFoundException.
var ErrNoFunction = asl.ErrNoFunction
