/** True once an account was deleted in this tab: the sign-in page says so, as nothing else is left that could. */
export function useFarewell() {
  return useState('account-deleted', () => false)
}
