// Package conformance compares the local AWS with what the real AWS was
// recorded to answer. It has tests only. The recordings are read from the
// folder that ORDEROPS_RECORDED names; without one, from shared/aws-recorded
// beside the checkout. They are not part of the repository, and without them
// the comparison is skipped.
//
// What is compared is decided by the operation and the type of state, never by
// the result: see scope_test.go. What is in scope and differs from the recording
// is listed with its reason in differences_test.go; anything else fails.
package conformance
