/** placeholder */
export async function checkPrerequisites(): Promise<void> {}
