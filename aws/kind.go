package aws

import (
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/workflow"
)

// queryPrefix begins SQS's older spelling of its codes, which the SDK reports
// when the answer carries the header x-amzn-query-error.
const queryPrefix = "AWS.SimpleQueueService."

// kindOf is the kind of an answered error: by its type where the SDK has one,
// else by its code in any of the spellings.
func kindOf(err error, code string) workflow.ProblemKind {
	code = strings.TrimPrefix(code, queryPrefix)
	switch {
	case isThrottle(code):
		return workflow.Throttled
	case isMissing(err) || isMissingCode(code):
		return workflow.NotFound
	}
	switch code {
	case "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError",
		"KMS.AccessDeniedException", "KmsAccessDenied", "KmsAccessDeniedException", "KMSAccessDenied":
		return workflow.Forbidden
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "InvalidAccessKeyId",
		"UnrecognizedClientException", "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
		"IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
		"AuthFailure", "InvalidSecurity", "RequestTimeTooSkewed":
		return workflow.Unauthenticated
	case "ValidationError", "ValidationException", "InvalidParameterValue", "InvalidParameterValueException",
		"InvalidParameter", "MissingParameter", "MissingRequiredParameterException", "InvalidAttributeName",
		"InvalidAttributeValue", "InvalidMessageContents", "InvalidArn", "InvalidAddress", "ReceiptHandleIsInvalid":
		return workflow.Invalid
	}
	return workflow.BrokenCall
}

func isThrottle(code string) bool {
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok {
		// The quota on open executions and the like is not a matter of waiting.
		return code != "LimitExceededException" && code != "TransactionInProgressException"
	}
	switch code {
	case "Throttled", "KMS.ThrottlingException", "KmsThrottled", "KmsThrottlingException", "KMSThrottling":
		return true
	default:
		return false
	}
}

func isMissing(err error) bool {
	if _, ok := errors.AsType[*sqstypes.QueueDoesNotExist](err); ok {
		return true
	}
	if _, ok := errors.AsType[*types.ExecutionDoesNotExist](err); ok {
		return true
	}
	_, ok := errors.AsType[*types.StateMachineDoesNotExist](err)
	return ok
}

func isMissingCode(code string) bool {
	switch code {
	case "NonExistentQueue", "QueueDoesNotExist", "QueueDeletedRecently",
		"ExecutionDoesNotExist", "StateMachineDoesNotExist", "ResourceNotFound", "ResourceNotFoundException",
		"NotFound", "NotFoundException", "StackNotFoundException":
		return true
	default:
		return false
	}
}
